using './main.bicep'

param workload = 'ingest'
param environment = 'preprod'
param stamps = [{ name: 'blue', share: '0-100' }]
param activeStamp = 'blue'
param alertEmails = ['ingestion-preprod@example.com']
