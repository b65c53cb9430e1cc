using './main.bicep'

param workload = 'ingest'
param environment = 'staging'
param stamps = [{ name: 'blue', share: '0-100' }]
param activeStamp = 'blue'
param alertEmails = ['ingestion-staging@example.com']
